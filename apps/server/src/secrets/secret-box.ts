import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILE = "secret-key";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts what is kept of users' keys (AES-256-GCM; NIST SP 800-38D). What it opens is never logged or returned. */
export class SecretBox {
  readonly #key: Buffer;

  constructor(key: string) {
    this.#key = createHash("sha256").update(`telltale secret box\0${key}`).digest();
  }

  /** `purpose` is bound to the secret: one sealed for another purpose does not open. */
  seal(secret: string, purpose: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce).setAAD(Buffer.from(purpose));
    const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
  }

  /** Throws when the key is another one, or the text was changed. */
  open(sealed: string, purpose: string): string {
    const bytes = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv("aes-256-gcm", this.#key, bytes.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(purpose))
      .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
    } catch (error) {
      throw new Error("a stored secret does not open with this TELLTALE_SECRET_KEY: enter it again, or start with the key it was stored with", {
        cause: error,
      });
    }
  }
}

/** The operator's key, else one of our own in the data folder (readable by its owner only), made at the first start. */
export function openSecretBox(dataFolder: string, key: string | undefined): SecretBox {
  if (key !== undefined) return new SecretBox(key);
  const path = join(dataFolder, FILE);
  if (!existsSync(path)) writeFileSync(path, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600, flag: "wx" });
  return new SecretBox(readFileSync(path, "utf8").trim());
}

/** For people: which key it is, without telling it. */
export function masked(secret: string): string {
  return secret.length < 12 ? "••••" : `${secret.slice(0, 3)}…${secret.slice(-4)}`;
}
