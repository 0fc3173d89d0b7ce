package org.larder.rest;

import org.larder.storage.model.CollectionSchema;

/** Field names to ordinals without a box or a lookup that allocates. Immutable. */
final class FieldNames {
  private final String[] names;
  private final int[] ordinals;
  private final int mask;

  FieldNames(CollectionSchema schema) {
    int size = Integer.highestOneBit(schema.fields().size() * 4);
    names = new String[size];
    ordinals = new int[size];
    mask = size - 1;
    for (int i = 0; i < schema.fields().size(); i++) {
      String name = schema.field(i).name();
      int slot = slot(name);
      names[slot] = name;
      ordinals[slot] = i;
    }
  }

  /** The field's ordinal, or −1. */
  int ordinal(String name) {
    int slot = slot(name);
    return names[slot] == null ? -1 : ordinals[slot];
  }

  private int slot(String name) {
    int hash = name.hashCode();
    int slot = (hash ^ (hash >>> 16)) & mask;
    while (names[slot] != null && !names[slot].equals(name)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
