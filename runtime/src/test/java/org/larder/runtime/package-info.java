/** Tests of the finished distribution: in its container, as a process, and of its layering. */
package org.larder.runtime;
