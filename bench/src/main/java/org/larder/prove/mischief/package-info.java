/** What is done to a node while it is written to. */
package org.larder.prove.mischief;
