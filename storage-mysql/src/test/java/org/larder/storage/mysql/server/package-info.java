/** A real MariaDB for tests, started from a jar and without any right but the user's own. */
package org.larder.storage.mysql.server;
