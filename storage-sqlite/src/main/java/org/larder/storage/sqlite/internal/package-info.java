/** Keeps records in one SQLite database: one writer, a pool of readers, a log beside the file. */
package org.larder.storage.sqlite.internal;
