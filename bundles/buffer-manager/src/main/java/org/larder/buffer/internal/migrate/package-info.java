/** Moves collections from one backend to another, on top of routes and followers. */
package org.larder.buffer.internal.migrate;
