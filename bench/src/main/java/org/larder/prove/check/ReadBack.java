package org.larder.prove.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.larder.bench.load.KeySequence;
import org.larder.bench.node.Node;
import org.larder.prove.record.Ledger;

/** Reads every task that a node holds, by cursor. */
public final class ReadBack {
  private static final String TASKS = "/api/v1/translation/tasks";

  private ReadBack() {}

  /** Compares all that the node holds with the record; nobody may write meanwhile. */
  public static Findings compare(Node node, Ledger ledger, KeySequence keys) throws IOException {
    Comparison comparison = new Comparison(ledger, keys);
    String cursor = "";
    do {
      JsonNode page = node.get(TASKS + "?limit=1000" + cursor).expecting(200).json();
      page.path("items").forEach(comparison::found);
      JsonNode next = page.path("next_cursor");
      cursor = next.isTextual() ? "&cursor=" + next.asText() : "";
    } while (!cursor.isEmpty());
    JsonNode counted = node.get(TASKS + "?page_size=1").expecting(200).json();
    return comparison.findings(counted.path("total").asLong(-1));
  }
}
