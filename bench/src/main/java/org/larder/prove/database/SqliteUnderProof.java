package org.larder.prove.database;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.larder.bench.node.NodeSetup;
import org.larder.prove.node.BackendBundle;
import org.larder.prove.node.NodeUnderProof;

/** SQLite, as it is shipped: a file in the node's data folder. */
public final class SqliteUnderProof implements DatabaseUnderProof {
  private static final String BUNDLE = "org.larder.storage-sqlite";

  @Override
  public String bundle() {
    return BUNDLE;
  }

  @Override
  public Optional<String> nativeLibrary() {
    return Optional.of("libsqlitejdbc");
  }

  @Override
  public void begin(NodeSetup setup) {
    // The samples configure it.
  }

  @Override
  public Map<String, Outage> outages(NodeUnderProof node) {
    Map<String, Outage> outages = new LinkedHashMap<>();
    outages.put("lock", new SqliteLock(node.setup().data().resolve("larder.db")));
    outages.put("stop", new BundleOutage(new BackendBundle(node, BUNDLE)));
    return outages;
  }

  @Override
  public void close() {
    // Nothing runs beside the node.
  }
}
