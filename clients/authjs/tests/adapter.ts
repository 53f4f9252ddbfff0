/** A database adapter of Auth.js in memory: of one user, who has signed in before. */

export const KNOWN = { id: "row-31", email: "sarnai@people.example", name: "Сарнай" };

export const adapter = {
  getUserByAccount: async () => KNOWN,
  getUser: async () => KNOWN,
  getUserByEmail: async () => KNOWN,
};
