package org.larder.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;

/** What a host writes, the same from the same seed in any process. Stateless. */
final class History {
  private static final int KEYS = 12;

  private History() {}

  /** Batches of mutations with distinct keys in order, their sequences without gaps from 0. */
  static List<List<Mutation>> batches(
      CollectionSchema schema, Random random, int batches, boolean inserts) {
    List<List<Mutation>> history = new ArrayList<>();
    long sequence = 0;
    for (int i = 0; i < batches; i++) {
      List<Mutation> batch = new ArrayList<>();
      for (int key = 0; key < KEYS; key++) {
        if (random.nextInt(3) == 0 || (key == KEYS - 1 && batch.isEmpty())) {
          Mutation.Kind kind = Mutation.Kind.ofCode(1 + random.nextInt(4));
          if (kind == Mutation.Kind.INSERT && !inserts) {
            kind = Mutation.Kind.MERGE;
          }
          String name = "key" + (char) ('a' + key);
          Row row =
              kind == Mutation.Kind.DELETE
                  ? Samples.row(schema, name)
                  : Samples.random(random, schema, name);
          batch.add(new Mutation(kind, row, sequence++));
        }
      }
      history.add(batch);
    }
    return history;
  }
}
