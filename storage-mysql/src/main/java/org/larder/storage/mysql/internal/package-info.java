/** Keeps records in a database of MySQL or MariaDB. */
package org.larder.storage.mysql.internal;
