/**
 * The operators' commands in the scope {@code larder}, and the socket by which {@code larder shell}
 * reaches a running node.
 */
package org.larder.shell.internal;
