/** The kit's verdict on a backend, as JSON and as a page. */
package org.larder.tck.report;
