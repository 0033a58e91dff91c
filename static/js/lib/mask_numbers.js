// @ts-check
/** Taking numbers out of JSON: at known places, or wherever they are, by their value. */

const KIND = "hidden";

/**
 * A holder of JSON that is copied only where something changes.
 * @param {any} original
 */
export function rewriter(original) {
  const copied = new WeakSet();
  /** @param {any} holder */
  const own = (holder) => {
    if (copied.has(holder)) return holder;
    const copy = Array.isArray(holder) ? [...holder] : { ...holder };
    copied.add(copy);
    return copy;
  };
  let root = original;
  /** @type {Record<string, string>} */
  const reasons = {};
  return {
    /** @param {(string | number)[]} path @param {string} [pointer] the same place in words where it is not the path itself */
    hide(path, pointer = `/${path.join("/")}`) {
      let value = root;
      for (const key of path) value = value?.[key];
      if (value === undefined) return;
      root = own(root);
      let holder = root;
      for (const key of path.slice(0, -1)) holder = holder[key] = own(holder[key]);
      holder[path[path.length - 1] ?? ""] = null;
      reasons[pointer] = KIND;
    },
    /** @param {(string | number)[]} path @param {any} value */
    put(path, value) {
      root = own(root);
      let holder = root;
      for (const key of path.slice(0, -1)) holder = holder[key] = own(holder[key]);
      holder[path[path.length - 1] ?? ""] = value;
    },
    done() {
      if (root !== original) root.nonfinite = { ...original.nonfinite, ...reasons };
      return root;
    },
  };
}

/** @param {number[]} numbers sorted @param {number} value @param {number} within */
function holds(numbers, value, within) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < value - within) low = middle + 1;
    else high = middle;
  }
  return low < numbers.length && (numbers[low] ?? Infinity) <= value + within;
}

/** @type {WeakMap<object, {numbers: number[], masked: any}>} */
const masks = new WeakMap();

const NUMERAL = /\d+\.\d+(?:e[-+]?\d+)?/gi;

/**
 * Any JSON (a reply, a request) without the numbers given, also where a text writes them out with their own decimals.
 * @template T
 * @param {T} json
 * @param {number[]} numbers of `Masked`
 * @returns {T}
 */
export function maskNumbers(json, numbers) {
  if (numbers.length === 0 || json === null || typeof json !== "object") return json;
  const known = masks.get(json);
  if (known?.numbers === numbers) return known.masked;
  const record = rewriter(json);
  /** @param {any} value @param {(string | number)[]} path */
  const walk = (value, path) => {
    if (typeof value === "number") {
      const magnitude = Math.abs(value);
      if (holds(numbers, magnitude, 1e-9 * magnitude)) record.hide(path);
    } else if (typeof value === "string") {
      const text = maskText(value, numbers);
      if (text !== value) record.put(path, text);
    } else if (value !== null && typeof value === "object") {
      for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) walk(value[key], [...path, key]);
    }
  };
  walk(json, []);
  const masked = record.done();
  masks.set(json, { numbers, masked });
  return masked;
}

/**
 * A text without numerals that are one of the numbers, rounded to the numeral's own decimals.
 * @param {string} text
 * @param {number[]} numbers
 */
function maskText(text, numbers) {
  return text.replace(NUMERAL, (numeral) => {
    const [plain = "", exponent = "0"] = numeral.toLowerCase().split("e");
    const digits = plain.replace(".", "").replace(/^0+/, "").length;
    const unit = 10 ** (Number(exponent) - (plain.split(".")[1]?.length ?? 0));
    // Few digits fit many numbers: those must be exact.
    return holds(numbers, Number(numeral), digits < 3 ? 1e-9 * Number(numeral) : 0.5000001 * unit) ? "?" : numeral;
  });
}
