/** What tests of domains need: a buffer in memory and a server. */
package org.larder.rest.testing;
