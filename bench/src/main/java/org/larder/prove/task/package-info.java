/** What is written, and what must be read back. */
package org.larder.prove.task;
