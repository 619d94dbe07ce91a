"""Stands before the package of that name, which JupyterLab brings: its grammar costs each process of Ray a second."""

raise ImportError("jsonschema does without it")
