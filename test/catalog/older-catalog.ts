/** Takes a catalog back to what a whosin of version 2 made: for every database. */
export const backToVersion2 = `
  drop table people_sums; drop table group_sums; drop table sightings; drop table written; drop table users; drop index photos_there; drop index answers_confirmed; drop index groups_placed;
  alter table photos drop column absent; alter table groups drop column placed;
  alter table said drop column date; alter table people drop column born; alter table people drop column died;
  drop index paths_waiting; alter table paths drop column sha256; alter table paths drop column claimer;
  update meta set value = '2' where key = 'schema'`;
