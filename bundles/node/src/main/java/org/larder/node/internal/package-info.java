/**
 * What makes a node of a framework: the data folder's owner, the checks before anything else
 * starts, overrides from the environment, the way to the log, the line that says "ready", and the
 * end of the process.
 */
package org.larder.node.internal;
