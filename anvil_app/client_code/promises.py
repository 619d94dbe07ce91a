"""JavaScript that takes its time."""


def settle(call, done, failed):
    """Call a JavaScript function that returns a promise; `done` gets what it comes to, `failed` the error.

    Anvil's client waits for the promise itself, in the middle of the call. Other clients hand it over.
    """
    try:
        result = call()
    except Exception as error:
        failed(error)
        return
    if hasattr(result, "then"):
        result.then(done, failed)
    else:
        done(result)
