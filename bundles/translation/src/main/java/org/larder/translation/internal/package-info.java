/** Translation sessions and tasks: their collections and their endpoints. */
package org.larder.translation.internal;
