/** Comparing what is read back with what was acknowledged. */
package org.larder.prove.check;
