package org.larder.prove.database;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.larder.prove.node.BackendBundle;
import org.larder.prove.node.ConfigFile;
import org.larder.prove.node.NodeUnderProof;

/** SQLite: the backend that is shipped, and another one of its kind. */
public final class SqliteUnderProof implements DatabaseUnderProof {
  private static final String BUNDLE = "org.larder.storage-sqlite";

  private Path file = Path.of("");

  @Override
  public String bundle() {
    return BUNDLE;
  }

  @Override
  public Optional<String> nativeLibrary() {
    return Optional.of("libsqlitejdbc");
  }

  @Override
  public List<String> backends() {
    return List.of("main", "other");
  }

  @Override
  public void begin(Premises premises) throws IOException {
    Path config = premises.node().config();
    Path shipped = config.resolve("larder.storage.sqlite-main.cfg");
    file = premises.data().resolve("larder.db");
    ConfigFile.copy(
        shipped,
        config.resolve("larder.storage.sqlite-other.cfg"),
        Map.of("name", "other", "file", premises.data().resolve("other.db").toString()));
    ConfigFile.change(shipped, Map.of("file", file.toString()));
  }

  @Override
  public Map<String, Outage> outages(NodeUnderProof node) {
    Map<String, Outage> outages = new LinkedHashMap<>();
    outages.put("lock", new SqliteLock(file));
    BackendBundle bundle = new BackendBundle(node, BUNDLE);
    outages.put("stop", Outage.of(bundle::stop, bundle::start));
    return outages;
  }

  @Override
  public Optional<DatabaseServer> server() {
    return Optional.empty();
  }

  @Override
  public void close() {
    // Nothing runs beside the node.
  }
}
