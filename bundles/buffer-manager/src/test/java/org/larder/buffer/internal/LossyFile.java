package org.larder.buffer.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A file as a disk has it: what was forced, and what was written since, of which any sectors may
 * have arrived, in any order. For one thread.
 */
final class LossyFile {
  private static final int SECTOR = 512;

  private final List<byte[]> versions = new ArrayList<>(List.of(new byte[0]));

  /** What a program reads. */
  byte[] latest() {
    return versions.get(versions.size() - 1);
  }

  /** The file has become this. */
  void write(byte[] content) {
    if (!Arrays.equals(content, latest())) {
      versions.add(content);
    }
  }

  /** All of it has arrived. */
  void force() {
    versions.subList(0, versions.size() - 1).clear();
  }

  /** What is there when the power comes back. */
  byte[] afterLoss(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> versions.get(0).clone();
      case 1 -> latest().clone();
      case 2 -> inOrder(random);
      case 3 -> mixed(random, 20);
      default -> mixed(random, 980);
    };
  }

  /** As much as had arrived until then. */
  private byte[] inOrder(Random random) {
    byte[] lost = Arrays.copyOf(versions.get(0), length(random));
    int end = random.nextInt(Math.min(lost.length, latest().length) + 1);
    System.arraycopy(latest(), 0, lost, 0, end);
    return lost;
  }

  /** Some sectors of any version each, rarely one that is torn itself. */
  private byte[] mixed(Random random, int permille) {
    byte[] lost = Arrays.copyOf(versions.get(0), length(random));
    for (int from = 0; from < lost.length; from += SECTOR) {
      if (random.nextInt(1000) < permille) {
        byte[] version = versions.get(random.nextInt(versions.size()));
        int there = Math.min(lost.length, version.length) - from;
        int length = random.nextInt(50) == 0 ? random.nextInt(SECTOR) : SECTOR;
        if (there > 0) {
          System.arraycopy(version, from, lost, from, Math.min(length, there));
        }
      }
    }
    return lost;
  }

  private int length(Random random) {
    int one = versions.get(random.nextInt(versions.size())).length;
    int other = latest().length;
    return random.nextBoolean() ? one : (int) (one + (other - one) * random.nextDouble());
  }
}
