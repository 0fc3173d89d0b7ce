/** Writers that know what they were told. */
package org.larder.prove.load;
