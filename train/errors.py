"""What can go wrong before or after a training, each with a sentence that names the fix.

TrainError
|-- DataMissingError    the pictures are not where they were looked for
|-- FolderError         a folder of photos cannot become a model
|-- StaleRunError       an earlier run left work of another network, schedule or data
|-- ExportError         the exported file does not answer as the network does
`-- HostsError          several hosts cannot train together
"""


class TrainError(Exception):
    """The command ends with this sentence and status 1."""


class DataMissingError(TrainError):
    """The pictures are not where they were looked for; the message says what to put there."""


class FolderError(TrainError):
    """The folder cannot become a model; the message says why and what to do."""


class StaleRunError(TrainError):
    """What an earlier run left is not of this recipe as it is now."""


class ExportError(TrainError):
    """The exported file does not answer as the Keras model does, or is too large; nothing was written."""


class HostsError(TrainError):
    """Several hosts cannot train together, or no longer; the message says why and what to do."""
