"""Pictures that belong to a report: painted anew, so that nothing hidden comes along, and sealed in parts."""
