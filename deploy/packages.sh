# shellcheck shell=bash
# What is installed for building, running and testing, in one place; sourced by deploy/quickstart,
# shellcheck disable=SC2034 # the lists are used where this is sourced
# tests/run and .ci/run. Only looks, unless something is missing.

packages_build=(
  cmake ninja-build g++ pkg-config python3 curl ca-certificates
  libboost-dev libcli11-dev libfmt-dev libicu-dev librdkafka-dev librocksdb-dev libsimdjson-dev
  libspdlog-dev libssl-dev nlohmann-json3-dev prometheus-cpp-dev
  # librocksdb's and prometheus-cpp's CMake files look for these
  libbz2-dev libgflags-dev liblz4-dev libsnappy-dev libzstd-dev zlib1g-dev
  libcurl4-openssl-dev libcivetweb-dev
)
packages_test=(
  libgtest-dev libgmock-dev librapidcheck-dev kcat jq maven openjdk-17-jre-headless shellcheck
  prometheus procps python3-jsonschema openssl
)
# Node comes with npm where it is not Debian's own.
command -v npm >/dev/null || packages_test+=(nodejs npm)
packages_check=(clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev)

# install_missing PACKAGE...: installs through apt what is not there.
install_missing() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
      missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  echo "Installing ${#missing[@]} packages (one to three minutes): ${missing[*]}"
  if ((EUID != 0)); then
    echo "This needs root. Run: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    return 1
  fi
  local apt=(apt-get -o DPkg::Lock::Timeout=600 -qq)
  DEBIAN_FRONTEND=noninteractive "${apt[@]}" update >/dev/null
  DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends "${missing[@]}" \
    >/dev/null
}

# build PRESET [TARGET...]: configures and builds; quiet while it goes well.
build() {
  local preset=$1
  shift
  cmake --preset "$preset" >"build/$preset.configure.log" 2>&1 ||
    { cat "build/$preset.configure.log" >&2; return 1; }
  cmake --build "build/$preset" -j "$(nproc)" ${1:+--target "$@"}
}
