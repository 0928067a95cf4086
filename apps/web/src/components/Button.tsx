import { clsx } from "clsx";
import type { ComponentProps } from "react";

type Variant = "primary" | "secondary" | "ghost" | "danger";
type Size = "sm" | "md";

const base =
  "inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors select-none disabled:opacity-50 disabled:pointer-events-none [&_svg]:shrink-0";
const variants: Record<Variant, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover shadow-sm",
  secondary: "border border-line-strong bg-surface text-ink hover:bg-hover shadow-sm data-[state=open]:bg-hover",
  ghost:
    "text-ink-2 hover:bg-hover hover:text-ink data-[state=open]:bg-hover data-[state=open]:text-ink aria-pressed:bg-accent-soft aria-pressed:text-accent-ink",
  danger: "border border-error-line bg-error-soft text-error hover:border-error",
};
const sizes: Record<Size, string> = { sm: "h-[26px] px-2 text-xs [&_svg]:size-3.5", md: "h-8 px-3 text-sm [&_svg]:size-4" };

export type ButtonProps = ComponentProps<"button"> & { variant?: Variant; size?: Size };

export function Button({ variant = "secondary", size = "md", className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={clsx(base, variants[variant], sizes[size], className)} {...rest} />;
}

/** A square button with an icon: `label` is its name for screen readers and its tooltip. */
export function IconButton({ label, variant = "ghost", size = "md", className, ...rest }: ButtonProps & { label: string }) {
  return (
    <Button
      aria-label={label}
      title={label}
      variant={variant}
      size={size}
      className={clsx(size === "sm" ? "w-[26px] px-0!" : "w-8 px-0!", className)}
      {...rest}
    />
  );
}
