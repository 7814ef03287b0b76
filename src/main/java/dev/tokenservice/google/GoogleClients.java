package dev.tokenservice.google;

import dev.tokenservice.outbound.GoogleTransport;

/**
 * The clients of this process, which share one transport and one limit on the calls that wait.
 *
 * @param transport the transport, closed with this
 * @param iamCredentials the IAM Credentials API
 * @param sts the Security Token Service
 */
public record GoogleClients(GoogleTransport transport, IamCredentialsClient iamCredentials, StsClient sts)
        implements AutoCloseable {

    @Override
    public void close() {
        transport.close();
    }
}
