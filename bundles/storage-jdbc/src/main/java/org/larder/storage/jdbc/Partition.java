package org.larder.storage.jdbc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.larder.storage.model.Mutation;
import org.larder.storage.spi.Batch;

/**
 * How a batch is divided among several connections: by its keys, so that a key always falls to the
 * same part. The first part goes through the connection that moves the position.
 *
 * <p>Each other part has a row of its own beside the position, moved in the transaction that writes
 * the part. It says from where on the journal is to be applied to the keys of that part; whoever
 * was given up and comes back finds it moved, or missing where there are so many parts no more.
 *
 * @param parts how many there are, up to {@value #MOST}; 1 divides nothing
 * @param leastRows batches with fewer rows for each part are not divided
 */
public record Partition(int parts, int leastRows) {
  /** Connections that one batch may be divided among. */
  public static final int MOST = 16;

  /** What divides nothing. */
  public static final Partition WHOLE = new Partition(1, 1);

  /** Room for the rows of each number of parts, so that none is taken for one of another number. */
  private static final int LANES = 512;

  public Partition {
    if (parts < 1 || parts > MOST || leastRows < 1) {
      throw new IllegalArgumentException("No way to divide a batch: " + parts + ", " + leastRows);
    }
  }

  /** True if the batch is large enough to be divided. */
  boolean divides(Batch batch) {
    return parts > 1 && batch.size() >= (long) parts * leastRows;
  }

  /** Which part a key falls to; the same in every release, as long as the parts are as many. */
  public int partOf(String key) {
    int hash = key.hashCode();
    return Math.floorMod(hash ^ hash >>> 16, parts);
  }

  /**
   * What each part writes, by its number; a part may be empty. Each goes through its keys in order,
   * but begins elsewhere: else all would wait for the same page at the same time.
   */
  List<List<BatchWriter.Part>> divide(List<BatchWriter.Part> changes) {
    List<List<BatchWriter.Part>> divided = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      divided.add(new ArrayList<>());
    }
    for (BatchWriter.Part whole : changes) {
      List<List<Mutation>> mutations = new ArrayList<>();
      for (int part = 0; part < parts; part++) {
        mutations.add(new ArrayList<>());
      }
      for (Mutation mutation : whole.mutations()) {
        mutations.get(partOf(mutation.key())).add(mutation);
      }
      for (int part = 0; part < parts; part++) {
        List<Mutation> some = mutations.get(part);
        if (!some.isEmpty()) {
          Collections.rotate(some, some.size() / parts * part);
          divided.get(part).add(new BatchWriter.Part(whole.table(), some));
        }
      }
    }
    return divided;
  }

  /** Under which lane the row of a part stands; those of the host are not negative. */
  int rowOf(int lane, int part) {
    return firstRow(lane) - parts * MOST - part;
  }

  /** The rows of all parts but the first. */
  List<Integer> rows(int lane) {
    List<Integer> rows = new ArrayList<>();
    for (int part = 1; part < parts; part++) {
      rows.add(rowOf(lane, part));
    }
    return rows;
  }

  /** No row of a lane's parts, whatever their number, is above this. */
  static int firstRow(int lane) {
    return -Math.multiplyExact(lane, LANES) - 1;
  }

  /** No row of a lane's parts, whatever their number, is below this. */
  static int lastRow(int lane) {
    return -Math.multiplyExact(lane + 1, LANES);
  }
}
