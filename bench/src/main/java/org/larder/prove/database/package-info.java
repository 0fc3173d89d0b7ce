/** The databases that a proof can be made with. */
package org.larder.prove.database;
