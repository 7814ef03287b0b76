package dev.tokenservice.signing.pkcs11;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The process that loads the PKCS#11 library. It reads requests from standard input, and writes answers to standard output in
 * any order. It exits together with the service.
 */
public final class TokenAgent {

    /** The number of threads. Each needs a session, and tokens limit sessions. */
    private static final int THREADS = 16;

    private final Pkcs11Uri uri;
    private final PrintStream answers;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private @Nullable OpenToken token;

    private TokenAgent(Pkcs11Uri uri, PrintStream answers) {
        this.uri = uri;
        this.answers = answers;
    }

    /** Serves the token of the URI in the only argument. */
    public static void main(String[] arguments) throws IOException {
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        new TokenAgent(Pkcs11Uri.parse(arguments[0]), System.out).serve(requests);
        // halt, because a library that hangs would block an orderly exit.
        Runtime.getRuntime().halt(0);
    }

    private void serve(BufferedReader requests) throws IOException {
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            Optional<Message> request = Message.of(line);
            request.ifPresent(known -> threads.execute(() -> answer(known)));
        }
    }

    private void answer(Message request) {
        String line = answerTo(request).line();
        synchronized (answers) {
            answers.print(line);
            answers.flush();
        }
    }

    private Message answerTo(Message request) {
        try {
            return request.answer(
                    Message.DONE,
                    request.verb().equals(Message.KEYS)
                            ? keys()
                            : List.of(token().sign(request.text(0), request.text(1), request.field(2))));
        } catch (TokenException e) {
            return request.answer(
                    e.isOfPin() ? Message.WRONG_PIN : Message.FAILED, List.of(Message.bytes(e.problem())));
        }
    }

    /** Opens the token at the first request, so that a failure is also an answer. */
    private synchronized OpenToken token() throws TokenException {
        OpenToken open = token == null ? OpenToken.open(uri) : token;
        token = open;
        return open;
    }

    private List<byte[]> keys() throws TokenException {
        List<byte[]> fields = new ArrayList<>();
        try {
            for (TokenKey key : token().keys()) {
                fields.add(Message.bytes(key.label()));
                fields.add(key.certificate().getEncoded());
                fields.add(new byte[] {(byte) (key.extractable() ? 1 : 0), (byte) (key.sensitive() ? 1 : 0)});
            }
        } catch (CertificateEncodingException e) {
            throw TokenException.of(e);
        }
        return fields;
    }
}
