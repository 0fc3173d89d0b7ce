package org.larder.prove;

import java.nio.file.Path;

/**
 * File systems that may be filled.
 *
 * @param node for the node's folder, its journal above all
 * @param database for the database; the same if there is but one
 */
public record Disks(Path node, Path database) {
  /** Whether one file system holds everything. */
  public boolean isOne() {
    return node.equals(database);
  }
}
