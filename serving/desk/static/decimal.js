// Sums of decimal texts without binary fractions: money is never a float here either.

export function add(a, b) {
  const places = Math.max(decimals(a), decimals(b));
  const sum = scaled(a, places) + scaled(b, places);
  if (!places) return sum.toString();
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, "0");
  return `${sum < 0n ? "-" : ""}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

export const negate = (a) => (a.startsWith("-") ? a.slice(1) : `-${a}`);
export const isZero = (a) => /^-?0*(\.0*)?$/.test(a);
const decimals = (a) => (a.split(".")[1] ?? "").length;
const scaled = (a, places) => BigInt(a.replace(".", "") + "0".repeat(places - decimals(a)));
