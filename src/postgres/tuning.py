"""Which settings suit a small school's server? Given on the command line, so that old data get new ones."""

from __future__ import annotations

SCHOOL = {
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",  # a school's data lie on an SSD or in memory
    "jit": "off",  # compiling costs more than any query of ours
    "max_parallel_workers_per_gather": "0",  # two cores; and containers have too little /dev/shm for it
    "huge_pages": "off",  # "try" may end in SIGBUS under a container's limit
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# What a power cut may destroy: for tests and trials only.
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
}


def settings(*, durable: bool, port: int | None) -> dict[str, str]:
    """Server settings. The unix socket always lies in the data folder; `port` adds TCP on 127.0.0.1."""
    place = {
        "unix_socket_directories": ".",  # relative to the data folder: never too long, private as that is
        "listen_addresses": "" if port is None else "127.0.0.1",
        "port": str(port or 5432),
    }
    return SCHOOL | ({} if durable else THROWAWAY) | place
