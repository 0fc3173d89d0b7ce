package org.larder.prove.database;

import java.nio.file.Path;
import org.larder.bench.node.NodeSetup;

/**
 * Where a database is made.
 *
 * @param node that it is for; its configuration is there already
 * @param data an empty folder for the database's files
 * @param programs where a server's programs are, or are unpacked to once and for all
 */
public record Premises(NodeSetup node, Path data, Path programs) {}
