"""Made-up histories, told from plan documents: history.py is their command."""
