package dev.tokenservice.deploy;

/**
 * How a command ends.
 *
 * @param status its exit status
 * @param text what it prints: to standard output if the status is 0, else to standard error
 */
record FakeReply(int status, String text) {

    static FakeReply ok(String text) {
        return new FakeReply(0, text);
    }

    static FakeReply error(String text) {
        return new FakeReply(1, "ERROR: (gcloud) " + text);
    }

    static FakeReply notFound() {
        return error("NOT_FOUND: the resource was not found");
    }
}
