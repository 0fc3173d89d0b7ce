/** The node that is tormented, and its files. */
package org.larder.prove.node;
