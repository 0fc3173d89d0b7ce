package org.larder.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Keys of 32 hexadecimal digits for numbered items, and the way back from a key to its number.
 * Immutable.
 *
 * <p>Random keys are a bijection of the number (the finaliser of SplitMix64), so that every key
 * that is read back can be recognised without remembering any.
 */
public final class KeySequence {
  /** Characters of a key. */
  public static final int LENGTH = 32;

  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final long SECOND_HALF = 0x5bd1e995_9e3779b9L;
  private static final long FACTOR_1 = 0xbf58476d1ce4e5b9L;
  private static final long FACTOR_2 = 0x94d049bb133111ebL;
  private static final long INVERSE_1 = inverse(FACTOR_1);
  private static final long INVERSE_2 = inverse(FACTOR_2);

  private final boolean random;
  private final long seed;

  private KeySequence(boolean random, long seed) {
    this.random = random;
    this.seed = seed;
  }

  /** Keys without order. */
  public static KeySequence random(long seed) {
    return new KeySequence(true, seed);
  }

  /** Keys that grow with the number. */
  public static KeySequence ordered() {
    return new KeySequence(false, 0);
  }

  /** Writes the key of that item. */
  public void write(long number, byte[] target, int offset) {
    long first = random ? mix(seed + number) : 0;
    long second = random ? mix(first ^ SECOND_HALF) : number;
    hex(first, target, offset);
    hex(second, target, offset + 16);
  }

  /** The key of that item. */
  public String key(long number) {
    byte[] key = new byte[LENGTH];
    write(number, key, 0);
    return new String(key, StandardCharsets.US_ASCII);
  }

  /** The number of the item with that key, or −1 if no item of this sequence has it. */
  public long number(String key) {
    if (key.length() != LENGTH) {
      return -1;
    }
    long first;
    long second;
    try {
      first = HexFormat.fromHexDigitsToLong(key, 0, 16);
      second = HexFormat.fromHexDigitsToLong(key, 16, LENGTH);
    } catch (IllegalArgumentException e) {
      return -1; // A key of somebody else.
    }
    if (!random) {
      return first == 0 ? second : -1;
    }
    return second == mix(first ^ SECOND_HALF) ? unmix(first) - seed : -1;
  }

  static void hex(long value, byte[] target, int offset) {
    for (int i = 0; i < 16; i++) {
      target[offset + i] = DIGITS[(int) (value >>> (60 - 4 * i)) & 15];
    }
  }

  /** Scatters a number: the finaliser of SplitMix64, which is a bijection. */
  public static long mix(long number) {
    long z = (number ^ (number >>> 30)) * FACTOR_1;
    z = (z ^ (z >>> 27)) * FACTOR_2;
    return z ^ (z >>> 31);
  }

  private static long unmix(long mixed) {
    long z = unshift(mixed, 31) * INVERSE_2;
    z = unshift(z, 27) * INVERSE_1;
    return unshift(z, 30);
  }

  private static long unshift(long value, int shift) {
    long result = value;
    for (int known = shift; known < 64; known += shift) {
      result = value ^ (result >>> shift);
    }
    return result;
  }

  /** The inverse of an odd number modulo 2^64, by Newton's iteration. */
  private static long inverse(long odd) {
    long result = odd;
    for (int i = 0; i < 6; i++) {
      result *= 2 - odd * result;
    }
    return result;
  }
}
