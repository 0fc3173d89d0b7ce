package org.larder.prove.database;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.larder.prove.node.NodeUnderProof;

/**
 * What a proof has to know of a backend; for one thread. Closing it ends what it started beside the
 * node.
 */
public interface DatabaseUnderProof extends AutoCloseable {
  /** The symbolic name of its bundle, whose jar lies in {@code plugins/}. */
  String bundle();

  /** What the file of its native library is called, if it has one. */
  Optional<String> nativeLibrary();

  /** The backends that a route may name, that of the bundle under proof first. */
  List<String> backends();

  /**
   * Makes ready for the first start of a node: the node's configuration holds the samples and may
   * be changed, and a server of its own may be started.
   */
  void begin(Premises premises) throws IOException;

  /**
   * The ways to take it away from a running node, by name, in the order in which they are tried.
   */
  Map<String, Outage> outages(NodeUnderProof node);

  /** The server, if the database is a process of its own. */
  Optional<DatabaseServer> server();

  @Override
  void close() throws IOException;
}
