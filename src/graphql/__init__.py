"""The GraphQL room of Dziennik; as a top-level `graphql` it would hide graphql-core and break strawberry."""

if __name__ == "graphql":
    raise ImportError(
        "This is dziennik.graphql, not graphql-core: the folder src is on sys.path (PYTHONPATH, pytest's "
        "pythonpath, an IDE's source root?). Take it off; src is the package dziennik itself, not its parent."
    )
