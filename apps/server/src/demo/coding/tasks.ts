/** Work that developers give their assistant: what is asked, where it lies, what is wrong, what is done about it. */
export interface Task {
  request: string;
  file: string;
  symbol: string;
  finding: string;
  before: string;
  after: string;
  test: string;
}

export const tasks: readonly Task[] = [
  {
    request: "The export of invoices is empty when the customer has a name with an umlaut. Please find out why and fix it.",
    file: "billing/export.py",
    symbol: "slugify_customer",
    finding: "slugify_customer drops every character outside ASCII, so two customers share a file name and the second overwrites the first with an empty page.",
    before: 'return re.sub(r"[^a-z0-9]+", "-", name.lower())',
    after:
      'ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()\n    return f"{re.sub(r"[^a-z0-9]+", "-", ascii_name.lower())}-{customer_id}"',
    test: "tests/billing/test_export.py",
  },
  {
    request: "Our nightly job sometimes runs twice. Can you look at the lock?",
    file: "jobs/lock.py",
    symbol: "acquire",
    finding: "acquire reads the lock and then writes it in a second statement; two workers that start in the same second both see it free.",
    before: "if not self.redis.get(key):\n        self.redis.set(key, owner, ex=ttl)\n        return True",
    after: "return bool(self.redis.set(key, owner, ex=ttl, nx=True))",
    test: "tests/jobs/test_lock.py",
  },
  {
    request: "Add a `--since` option to the sync command, it should accept dates and things like `3d`.",
    file: "cli/sync.py",
    symbol: "sync",
    finding: "The command parses options with click; there is already parse_age in cli/age.py that understands 3d and 12h, but not ISO dates.",
    before: "@click.option('--limit', type=int, default=500)",
    after: "@click.option('--limit', type=int, default=500)\n@click.option('--since', type=AgeOrDate(), default=None, help='ISO date or age such as 3d')",
    test: "tests/cli/test_sync.py",
  },
  {
    request: "p95 of GET /orders went from 80 ms to 900 ms after the last deploy. What changed?",
    file: "orders/repository.py",
    symbol: "list_orders",
    finding: "list_orders now loads order.lines lazily for each order: one query became 51. The eager option was lost when the query moved to the repository.",
    before: "stmt = select(Order).where(Order.account_id == account_id).limit(50)",
    after: "stmt = select(Order).options(selectinload(Order.lines)).where(Order.account_id == account_id).limit(50)",
    test: "tests/orders/test_repository.py",
  },
  {
    request: "Type check fails since the upgrade of pydantic, can you migrate the settings module?",
    file: "app/settings.py",
    symbol: "Settings",
    finding: "BaseSettings moved to pydantic_settings, and the inner Config class became model_config; the validators use the old decorator.",
    before: "class Config:\n        env_prefix = 'APP_'",
    after: "model_config = SettingsConfigDict(env_prefix='APP_')",
    test: "tests/test_settings.py",
  },
  {
    request: "Write a test that shows the rounding bug in the discount calculation, then fix it.",
    file: "pricing/discount.py",
    symbol: "apply_discount",
    finding: "apply_discount multiplies floats and rounds each line, so three lines of 0.335 come out one cent short of the total.",
    before: "return round(price * (1 - percent / 100), 2)",
    after: "return (price * (Decimal(100) - percent) / 100).quantize(CENT, ROUND_HALF_EVEN)",
    test: "tests/pricing/test_discount.py",
  },
  {
    request: "The websocket of the dashboard reconnects in a tight loop when the token has expired.",
    file: "web/src/socket.ts",
    symbol: "connect",
    finding: "connect retries on every close code. 4401 means that the token was refused and will be refused again; there is also no backoff.",
    before: "socket.onclose = () => connect();",
    after: "socket.onclose = (event) => {\n    if (event.code === 4401) return refreshToken().then(connect);\n    setTimeout(connect, backoff.next());\n  };",
    test: "web/src/socket.test.ts",
  },
  {
    request: "Please document the retry settings of the HTTP client in the README, with the real defaults.",
    file: "http/client.py",
    symbol: "RetryPolicy",
    finding: "Defaults are 3 attempts, 0.2 s base, factor 2, full jitter, and only for idempotent methods; the README still says 5 attempts.",
    before: "The client retries five times.",
    after: "The client retries idempotent requests up to 3 times (0.2 s, doubled, with full jitter).",
    test: "tests/http/test_retry.py",
  },
];
