/** The system's own endpoints, and what stands before and behind every request. */
package org.larder.rest.internal;
