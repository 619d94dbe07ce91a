"""Archives and folders of pictures to uint8 arrays with a fixed split."""
