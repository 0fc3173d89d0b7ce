/** Large objects as files in a folder. */
package org.larder.storage.files.internal;
