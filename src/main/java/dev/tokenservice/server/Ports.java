package dev.tokenservice.server;

import org.eclipse.jetty.server.Request;

/** The ports by the names that Dropwizard gives them. */
final class Ports {

    static final String APPLICATION = "application";
    static final String ADMIN = "admin";

    private Ports() {}

    /** Returns whether a request came to the admin port. */
    static boolean isAdmin(Request request) {
        return ADMIN.equals(request.getConnectionMetaData().getConnector().getName());
    }
}
