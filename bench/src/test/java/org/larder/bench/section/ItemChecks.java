package org.larder.bench.section;

import com.fasterxml.jackson.databind.JsonNode;
import org.larder.bench.load.Item;

/** Opens the comparison of items to the tests of other packages. */
public final class ItemChecks {
  private ItemChecks() {}

  /** See {@link ItemCheck#matches}. */
  public static boolean matches(JsonNode task, Item item) {
    return ItemCheck.matches(task, item);
  }
}
