#include "deploy/cli.h"

int main(int argc, char** argv) { return tiendo::run_command_line(argc, argv); }
