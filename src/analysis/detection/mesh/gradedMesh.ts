/** A test, for grading its changes. */
export interface GradedTest {
  /** Names of the hosts at its ends. */
  readonly source: string;
  readonly destination: string;
  readonly intervalSeconds: number;
}

/** The tests of the mesh, for grading their changes. */
export interface GradedMesh {
  testOf(testId: string): GradedTest;
  /** Ids of the tests whose usual route passes an AS. */
  testsThrough(asn: number): ReadonlySet<string>;
}
