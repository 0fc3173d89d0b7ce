/** Proves that nothing acknowledged is lost, whatever is done to a node meanwhile. */
package org.larder.prove;
